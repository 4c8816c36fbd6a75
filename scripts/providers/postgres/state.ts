/** The databases of a drill, as far as a client must find them. */
import { stateFile } from '../world';

export interface PostgresWorld {
  /** Connections by the host name of pg_service.conf. */
  readonly hosts: Record<string, { readonly ip: string }>;
  /** Unix socket of the engine; `postgres.sock` in the world directory where it is not named. */
  readonly socket?: string;
}

export const postgresState = stateFile<PostgresWorld>('postgres', () => ({ hosts: {} }));
