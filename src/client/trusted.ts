/** Scripts and workers only from the site itself: the one Trusted Types rule that the Content Security Policy allows. */

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): unknown;
}

/** True for a file of the same site, or of the same folder when there is no server. */
export function isOwn(url: string, page: string): boolean {
  const target = new URL(url, page);
  const here = new URL(page);
  return target.protocol === here.protocol && target.host === here.host && /\.js$/.test(target.pathname);
}

/** Installs the rule; browsers without Trusted Types need none. */
export function trustOwnScripts(): void {
  const factory = (globalThis as unknown as { trustedTypes?: TrustedTypes }).trustedTypes;
  factory?.createPolicy('default', {
    createScriptURL: (url) => {
      if (!isOwn(url, document.baseURI)) throw new TypeError('scripts come from this site only');
      return url;
    },
  });
}
