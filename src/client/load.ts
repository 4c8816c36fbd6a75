/** Scripts that a page does not need at first. A script also loads from a folder, where fetch and modules may not. */

const loaded = new Map<string, Promise<void>>();

/** Runs a script of the site once. A failure is forgotten, so that the next time is the next attempt. */
export function load(src: string): Promise<void> {
  const known = loaded.get(src);
  if (known !== undefined) return known;
  const loading = new Promise<void>((done, fail) => {
    const tag = document.createElement('script');
    tag.src = src;
    tag.onload = () => done();
    tag.onerror = () => {
      loaded.delete(src);
      tag.remove();
      fail(new RangeError(`${src} did not load`));
    };
    document.head.append(tag);
  });
  loaded.set(src, loading);
  return loading;
}
