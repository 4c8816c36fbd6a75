/** Flags that every command of a tool must carry, because a healthy drill would not notice their absence. Each has its reason. */
import type { Problem } from '../../deployment/problem';
import { logicalLines } from '../text/fold';
import type { SourceLine } from '../text/source';

interface HouseRule {
  readonly tool: RegExp;
  readonly wanted: readonly string[];
  readonly reason: string;
}

export const houseRules: readonly HouseRule[] = [
  {
    tool: /^(?:[A-Z_]+=\S+ )*aws (?!sso logout)/,
    wanted: ['--cli-connect-timeout 5', '--cli-read-timeout 15'],
    reason: 'a region that hangs costs three minutes a call with the defaults',
  },
  {
    tool: /^(?:[A-Z_]+=\S+ )*aws (?!sso logout)/,
    wanted: ['--region ', '--profile '],
    reason: 'a default of the workstation would send the command to another region, or as somebody else',
  },
  {
    tool: /^(?:[A-Z_]+=\S+ )*aws (?!sso logout)/,
    wanted: ['--no-cli-pager '],
    reason: 'a pager that is missing fails the command, and one that waits takes the next lines for itself',
  },
  {
    tool: /^(?:[A-Z_]+=\S+ )*aws kms decrypt /,
    wanted: ['AWS_CLI_HISTORY_FILE=./'],
    reason:
      'where the history of the AWS CLI is on, it keeps the plaintext: in the folder it is wiped with the rest',
  },
  {
    tool: /^(?:[A-Z_]+=\S+ )*gcloud kms asymmetric-decrypt /,
    wanted: ['--no-log-http '],
    reason: 'where the log of requests is on, it keeps the plaintext',
  },
  {
    tool: /^(?:[A-Z_]+=\S+ )*pkcs11-tool .*--decrypt /,
    wanted: ['--login ', '--hash-algorithm ', '--mgf MGF1-', '--id '],
    reason: 'tokens differ in what they assume, and a second key on the token would be taken for the first',
  },
  {
    tool: /^(?:[A-Z_]+=\S+ )*(?:vault|bao) /,
    wanted: ['-address='],
    reason: 'a default of the workstation would send the command, and the token with it, to another server',
  },
  {
    tool: /\bbase64 (?!--decode)/,
    wanted: ['base64 --wrap=0 '],
    reason: 'some tools refuse a value that has line breaks in it',
  },
  {
    tool: /^openssl pkeyutl .*rsa_padding_mode:oaep/,
    wanted: ['-pkeyopt rsa_oaep_md:', '-pkeyopt rsa_mgf1_md:'],
    reason: 'the provider takes exactly this hash, and a default is no promise',
  },
  {
    tool: /^psql /,
    wanted: ['--no-psqlrc', '--set ON_ERROR_STOP=1'],
    reason:
      'without them a personal setting changes the output, and an error in the middle ends with status 0',
  },
  {
    tool: /^(?:[A-Z_]+=\S+ )*pkcs11-tool .*--login-type so/,
    wanted: ['--so-pin env:SO_PIN', '--new-pin env:HSM_PIN'],
    reason: 'a PIN on the command line can be read in the process list',
  },
  {
    tool: /^(?:[A-Z_]+=\S+ )*pkcs11-tool (?!.*--login-type so).*--login/,
    wanted: ['--pin env:HSM_PIN'],
    reason: 'a PIN on the command line can be read in the process list',
  },
  {
    tool: /^read /,
    wanted: ['read -rs -p '],
    reason: 'a secret must not be shown while it is typed, and a backslash in it must survive',
  },
  {
    tool: /\bshred /,
    wanted: ['shred --remove --force '],
    reason:
      'an overwritten file that keeps its name looks like one that still matters, and one that its owner may only read would be left',
  },
  {
    tool: /^(?:[A-Z_]+=\S+ )*gcloud kms /,
    wanted: ['--project ', '--location '],
    reason: 'a default of the workstation would send the command to another project',
  },
];

/** Checks the commands of one step. */
export function checkHouseRules(id: string, lines: readonly SourceLine[]): Problem[] {
  return logicalLines(lines).flatMap((line) =>
    houseRules
      .filter((rule) => rule.tool.test(line.text.trim()))
      .flatMap((rule) =>
        rule.wanted
          .filter((wanted) => !`${line.text} `.includes(wanted))
          .map((wanted) => ({
            file: line.file,
            line: line.line,
            rule: 'HOUSE',
            message: `step ${id}: ${line.text.trim().split(/\s/)[0]} lacks "${wanted.trim()}": ${rule.reason}`,
          })),
      ),
  );
}
