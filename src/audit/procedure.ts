/** A procedure as the evidence pack carries it: what `sss audit compare` and `verify`, and the page that verifies, hold a trail against. */
import * as z from 'zod';
import { ACTIONS, type AuditAction } from './actions';

/** As `scripts/audit/exports.ts` writes it. */
export const procedureSchema = z.strictObject({
  page: z.string(),
  commit: z.string(),
  steps: z.array(
    z.strictObject({
      id: z.string(),
      by: z.string(),
      witness: z.string(),
      log: z.array(z.enum(Object.keys(ACTIONS) as [AuditAction, ...AuditAction[]])),
    }),
  ),
});

export type ExportedProcedure = z.infer<typeof procedureSchema>;
