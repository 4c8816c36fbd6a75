/** The control map and the results of the drill as OSCAL 1.2.1: component definition and assessment results (NIST, public domain). */
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Control, type Framework, shortName } from './controls/control';
import { CONTROLS, FRAMEWORKS, type LoggedStep, mapControls } from './controls/map';
import { EVIDENCE, type EvidenceId } from './evidence';

const OSCAL_VERSION = '1.2.1';
/** Namespace of our names: the UUID of URLs in RFC 9562 appendix A.2. */
const NAMESPACE = '6ba7b8119dad11d180b400c04fd430c8';

/** UUID of a name, version 5 (RFC 9562 §5.5): the same name gives the same id in every export. SHA-1 is the format's, and protects nothing here. */
export function uuidOf(name: string): string {
  const input = new Uint8Array([
    ...hexToBytes(NAMESPACE),
    ...utf8ToBytes(`https://masterkey-runbook.example/${name}`),
  ]);
  const bytes = sha1(input).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export interface OscalSource {
  readonly steps: readonly LoggedStep[];
  /** Address of the site, without a slash at the end. */
  readonly site: string;
  readonly version: string;
  /** RFC 3339 with time zone; the time of the commit, so that an export can be made again. */
  readonly modified: string;
}

function metadata(title: string, { version, modified }: OscalSource) {
  return { title, 'last-modified': modified, version, 'oscal-version': OSCAL_VERSION };
}

const evidenceResources = (site: string) =>
  (Object.keys(EVIDENCE) as EvidenceId[]).map((id) => ({
    uuid: uuidOf(`evidence/${id}`),
    title: EVIDENCE[id].title,
    description: EVIDENCE[id].where,
    rlinks: [{ href: `${site}/${EVIDENCE[id].page}/` }],
  }));

/** The id of a control in its framework's own catalog, or ours where there is none. */
export const controlId = ({ framework, id, number }: Control): string =>
  framework.catalog === undefined ? id : number.toLowerCase();

/** The objective that an assessment of it determines; NIST's catalog of SP 800-53 names them `ac-5_obj`. */
export const objectiveId = (control: Control): string =>
  control.framework.catalog === undefined ? controlId(control) : `${controlId(control)}_obj`;

const frameworkId = ({ name }: Framework) => uuidOf(`framework/${name}`);

/** The runbook as a component that implements controls: one implementation a framework, one requirement a control. */
export function componentDefinition(source: OscalSource) {
  const { steps, site } = source;
  const map = mapControls(steps);
  return {
    'component-definition': {
      uuid: uuidOf(`component-definition/${source.version}`),
      metadata: metadata('MasterKey Runbook: control implementation', source),
      components: [
        {
          uuid: uuidOf('component'),
          type: 'process-procedure',
          title: 'MasterKey Runbook',
          description:
            'Ceremony, custody, lifecycle and recovery of a MasterKey that is split by Shamir secret sharing.',
          'control-implementations': FRAMEWORKS.map((framework) => ({
            uuid: uuidOf(`implementation/${framework.name}`),
            source: framework.catalog ?? `#${frameworkId(framework)}`,
            description: `${framework.name}. Check the mapping against ${framework.text === 'licensed' ? 'your licensed copy' : 'the publication'}.`,
            'implemented-requirements': CONTROLS.filter((control) => control.framework === framework).map(
              (control) => ({
                uuid: uuidOf(`requirement/${control.id}`),
                'control-id': controlId(control),
                description: control.asks,
                ...(control.limits === '' ? {} : { remarks: control.limits }),
                props: [
                  { name: 'label', value: control.number },
                  {
                    name: 'mapping-confidence',
                    ns: 'https://masterkey-runbook.example/ns',
                    value: control.confidence,
                  },
                ],
                links: [
                  ...control.pages.map((page) => ({ href: `${site}/${page}/`, rel: 'reference' })),
                  ...(control.everyStep ? [] : (map.steps.get(control.id) ?? [])).map((step) => ({
                    href: `${site}${step.page}#${step.id}`,
                    rel: 'procedure',
                  })),
                  ...control.evidence.map((id) => ({
                    href: `#${uuidOf(`evidence/${id}`)}`,
                    rel: 'evidence',
                  })),
                ],
              }),
            ),
          })),
        },
      ],
      'back-matter': {
        resources: [
          ...FRAMEWORKS.map((framework) => ({
            uuid: frameworkId(framework),
            title: framework.name,
            description:
              framework.text === 'licensed'
                ? 'The text of the framework is licensed and not part of this file.'
                : 'The text of the framework is published and not part of this file.',
            ...(framework.catalog && { rlinks: [{ href: framework.catalog }] }),
          })),
          ...evidenceResources(site),
        ],
      },
    },
  };
}

/** What an assessment run showed for one page: a drill of its steps. */
export interface DrilledPage {
  /** Address of the page on the site. */
  readonly page: string;
  readonly scenarios: number;
  readonly passed: boolean;
}

/** The latest drill as assessment results: one observation a page; a finding for each control that a drilled step serves. */
export function assessmentResults(
  source: OscalSource,
  pages: readonly DrilledPage[],
  start: string,
  end: string,
) {
  const { steps, site } = source;
  const map = mapControls(steps);
  const observation = (page: string) => uuidOf(`observation/${source.version}/${page}`);
  const drilledFor = new Map(
    // What every step serves is shown by no page in particular.
    CONTROLS.filter(({ everyStep }) => !everyStep).map((control) => {
      const on = new Set((map.steps.get(control.id) ?? []).map((step) => step.page));
      // Where a control asks for a test of the plan, the drill as a whole is one.
      const whole = control.actions.includes('drill.finished');
      return [control, pages.filter(({ page }) => whole || on.has(page))] as const;
    }),
  );
  const reviewed = CONTROLS.filter((control) => (drilledFor.get(control) ?? []).length > 0);
  const findings = reviewed.map((control) => {
    const drilled = drilledFor.get(control) ?? [];
    const satisfied = drilled.every(({ passed }) => passed);
    return {
      uuid: uuidOf(`finding/${source.version}/${control.id}`),
      title: shortName(control),
      description:
        'Automated drill of the steps that serve this control. Not a statement that the control as a whole is met.',
      target: {
        type: 'objective-id',
        'target-id': objectiveId(control),
        status: { state: satisfied ? 'satisfied' : 'not-satisfied' },
      },
      'related-observations': drilled.map(({ page }) => ({ 'observation-uuid': observation(page) })),
    };
  });
  return {
    'assessment-results': {
      uuid: uuidOf(`assessment-results/${source.version}/${start}`),
      metadata: metadata('MasterKey Runbook: results of the automated drill', source),
      'import-ap': { href: `#${uuidOf('drill-plan')}` },
      results: [
        {
          uuid: uuidOf(`result/${source.version}/${start}`),
          title: 'Automated drill',
          description:
            'Commands of the runbook executed as printed, with TEST shards. A rehearsal, not evidence of a ceremony.',
          start,
          end,
          'reviewed-controls': {
            'control-selections': [
              {
                'include-controls': reviewed.map((control) => ({ 'control-id': controlId(control) })),
              },
            ],
          },
          observations: pages.map(({ page, scenarios, passed }) => ({
            uuid: observation(page),
            description: `${page}: ${scenarios} scenarios, ${passed ? 'all passed' : 'failed'}.`,
            methods: ['TEST'],
            collected: end,
            'relevant-evidence': [
              { href: `${site}${page}`, description: 'The page whose commands were executed.' },
            ],
          })),
          findings,
        },
      ],
      'back-matter': {
        resources: [
          {
            uuid: uuidOf('drill-plan'),
            title: 'Drill plan',
            description: 'Every page with commands, in every scenario that its front matter declares.',
            rlinks: [{ href: `${site}/audit/evidence/` }],
          },
        ],
      },
    },
  };
}
