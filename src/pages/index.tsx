/** Start page: one door for each reader, emergency first, and the deployment at a glance. */
import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';
import { Fragment, type ReactNode } from 'react';
import Glance from '../theme/Glance';
import Resume from '../theme/Resume';

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
    to: '/ceremony/custody/',
    title: 'I hold a shard',
    text: 'How it reaches its safe, what you check each quarter, and what you sign.',
    kind: 'door',
  },
];

/** For those who know where they are going: one click instead of two. */
const straight = [
  { to: '/emergency/unseal/', title: 'Unseal' },
  { to: '/emergency/recovery-matrix/', title: 'Which shards are left' },
  { to: '/emergency/compromise/', title: 'Something was seen' },
  { to: '/emergency/communications/', title: 'Whom to call' },
];

export default function Start(): ReactNode {
  return (
    <Layout description="Key ceremony, custody, lifecycle and recovery of a MasterKey that is split into shards.">
      <main className="start">
        <h1>MasterKey Runbook</h1>
        <p className="lead">Every command on these pages was executed before it was published.</p>
        <Resume />
        <nav className="doors" aria-label="Start">
          {doors.map(({ to, title, text, kind }) => (
            <Fragment key={to}>
              <Link to={to} className={kind}>
                <strong>{title}</strong>
                <span>{text}</span>
              </Link>
              {to === '/emergency/' ? (
                <ul className="straight" aria-label="Straight to">
                  {straight.map((page) => (
                    <li key={page.to}>
                      <Link to={page.to}>{page.title}</Link>
                    </li>
                  ))}
                </ul>
              ) : null}
            </Fragment>
          ))}
        </nav>
        <Glance />
      </main>
    </Layout>
  );
}
