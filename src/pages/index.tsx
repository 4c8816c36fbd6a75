/** Start page: one door for each reader, emergency first, and the deployment at a glance. */
import Link from '@docusaurus/Link';
import { usePluginData } from '@docusaurus/useGlobalData';
import Layout from '@theme/Layout';
import type { ReactNode } from 'react';
import type { SiteData } from '../site/plugin';
import Table from '../theme/Table';

const doors = [
  {
    to: '/emergency/',
    title: 'Something is down',
    text: 'A provider is out, a shard is lost, somebody has seen what they should not. Start here.',
    kind: 'door door-emergency',
  },
  {
    to: '/ceremony/',
    title: 'I run a ceremony',
    text: 'Prepare the room, create the MasterKey, split it, store the shards, prove it.',
    kind: 'door',
  },
  {
    to: '/audit/',
    title: 'I am auditing',
    text: 'From a control to the step that meets it and the evidence that the step leaves.',
    kind: 'door',
  },
  {
    to: '/introduction/roles/',
    title: 'I hold a shard',
    text: 'What you keep, what you check, what you never do, and whom you call.',
    kind: 'door',
  },
];

function Glance(): ReactNode {
  const { deployment } = usePluginData('runbook') as SiteData;
  const { key, shards, people } = deployment;
  const name = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  return (
    <section className="glance" aria-labelledby="glance">
      <h2 id="glance">This deployment</h2>
      <p>
        Any <strong>{key.threshold}</strong> of <strong>{shards.length}</strong> shards rebuild{' '}
        <strong>{key.name}</strong> (version {key.version}, generation {key.generation}). Up to{' '}
        {shards.length - key.threshold} can be lost, and {key.threshold - 1} can be seen by a thief, without
        harm.
      </p>
      <Table>
        <thead>
          <tr>
            <th scope="col">Shard</th>
            <th scope="col">Held by</th>
            <th scope="col">Custodian</th>
            <th scope="col">Minutes to reach</th>
          </tr>
        </thead>
        <tbody>
          {shards.map((shard) => (
            <tr key={shard.n}>
              <th scope="row">{shard.n}</th>
              <td>{shard.name}</td>
              <td>{name(shard.custodian)}</td>
              <td>{shard.minutes}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

export default function Start(): ReactNode {
  return (
    <Layout description="Key ceremony, custody, lifecycle and recovery of a MasterKey that is split into shards.">
      <main className="start">
        <h1>MasterKey Runbook</h1>
        <p className="lead">Every command on these pages was executed before it was published.</p>
        <nav className="doors" aria-label="Start">
          {doors.map(({ to, title, text, kind }) => (
            <Link key={to} to={to} className={kind}>
              <strong>{title}</strong>
              <span>{text}</span>
            </Link>
          ))}
        </nav>
        <Glance />
      </main>
    </Layout>
  );
}
