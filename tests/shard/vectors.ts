/** The files of tests/vectors, typed. */
import { readFileSync } from 'node:fs';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));

export interface VaultVector {
  id: string;
  M: number;
  N: number;
  secret: string;
  shares: string[];
  combine_subsets: number[][];
  below_threshold?: { indices: number[]; wrong: string };
}

export interface BadVector {
  id: string;
  kind: string;
  M: number;
  secret: string;
  present: string[];
  bad_indices: number[];
  expect: 'identify' | 'reject';
}

export interface EnvelopeVector {
  id: string;
  M: number;
  N: number;
  generation: number;
  set_id: string;
  test_flag: boolean;
  secret: string;
  commitment: string;
  kcv: string;
  shards: { x: number; vault_share: string; text: string }[];
}

export const vault = (read('vault-gf256') as { vectors: VaultVector[] }).vectors;
export const bad = (read('bad-shares') as { vectors: BadVector[] }).vectors;
export const envelope = read('shard-envelope') as {
  vectors: EnvelopeVector[];
  negative: { text: string; reason: string }[];
};
