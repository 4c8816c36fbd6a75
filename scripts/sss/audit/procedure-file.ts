/** Reads the JSON that the evidence pack carries: procedures and Ceremony Logs. */
import type { z } from 'zod';
import { fileError, printable } from '../command';
import { readLimited } from '../files';

const LIMIT = 1 << 23;

/**
 * A JSON file that fits a schema.
 * @throws CliError (exit 3) that names the first place where it does not.
 */
export function readJson<T>(file: string, schema: z.ZodType<T>, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(readLimited(file, LIMIT, what)));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError)
      throw fileError(`${printable(file)}: is not JSON`);
    throw error;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw fileError(`${printable(file)}: is not ${what}: ${issue?.path.join('.') || 'top'}: ${issue?.message}`);
}
