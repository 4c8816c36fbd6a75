/** The HSM tokens of a drill, by the module that reaches them. */
import { type PrivateKeyPem, stateFile } from '../world';

export interface HsmObject {
  /** CKA_ID in lower-case hex. */
  readonly id: string;
  readonly label: string;
  readonly bits: number;
  readonly privateKey: PrivateKeyPem;
  /** openCryptoki's token lets a key out, wrapped, unless it was told otherwise; without it, the key never leaves. */
  readonly extractable?: boolean;
  /** Both halves are made together and deleted one by one. */
  hasPrivate: boolean;
  hasPublic: boolean;
}

export interface HsmToken {
  label: string;
  readonly slotId: string;
  readonly serial: string;
  soPin: string;
  /** Undefined until the security officer has set it. */
  userPin?: string;
  /** Wrong PINs in a row; at `pinTries` the user is locked out. */
  failedPins: number;
  readonly pinTries: number;
  /** Hashes of OAEP that the token knows; without them, SHA-1 alone. */
  readonly oaepHashes?: readonly ('sha1' | 'sha256')[];
  readonly objects: HsmObject[];
}

/** True for the path of openCryptoki's library, whose token has other words. */
export const isOpenCryptoki = (module: string): boolean => /\/libopencryptoki\.so[^/]*$/.test(module);

export interface HsmWorld {
  /** Modules by path; each sees its own tokens, in slot order. */
  readonly modules: Record<string, { readonly tokens: HsmToken[] }>;
}

export const hsmState = stateFile<HsmWorld>('hsm', () => ({ modules: {} }));
