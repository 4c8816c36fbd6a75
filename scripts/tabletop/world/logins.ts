/** Who is signed in at the providers in an operator's home: kept from the first day, brought back before another page. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { signInAgain as signInToRealGcloud } from '../../providers/real/gcloud-account';
import { standIns } from '../../providers/stand-ins';
import type { Sandbox } from '../machine/sandbox';

/** What an empty world gets after its sandbox was made: the operator is logged in before the first page. */
export const logins = [...Object.values(standIns).flatMap(({ logins }) => logins), '.pg_service.conf'].map(
  (name) => `home/${name}`,
);

/** What the home keeps of who is signed in. */
export class Logins {
  /** Content by path below the home. */
  private readonly files = new Map<string, Buffer>();

  /** A copy, for a run that goes on from another. */
  copy(): Logins {
    const copied = new Logins();
    for (const file of this.files) copied.files.set(...file);
    return copied;
  }

  /** Reads them as they are on the first day. */
  keep(home: string): void {
    for (const name of logins.map((each) => each.replace(/^home\//, ''))) {
      const path = join(home, name);
      if (!existsSync(path)) continue;
      const files = name.endsWith('/')
        ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((file) => join(name, file))
        : [name];
      for (const file of files)
        if (statSync(join(home, file)).isFile()) this.files.set(file, readFileSync(join(home, file)));
    }
  }

  /** The operator signs in again, as before another page. */
  signInAgain({ home, world }: Pick<Sandbox, 'home' | 'world'>): void {
    for (const [file, content] of this.files) {
      mkdirSync(dirname(join(home, file)), { recursive: true, mode: 0o700 });
      writeFileSync(join(home, file), content, { mode: 0o600 });
    }
    for (const { signIn } of Object.values(standIns)) signIn?.(world, home);
    signInToRealGcloud(world);
  }
}
