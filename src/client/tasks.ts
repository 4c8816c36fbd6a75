/** Cuts work into tasks, so that the browser paints and answers between them. */

/** Resolves in a task of its own, at once: a timer would wait some milliseconds each time. */
export function nextTask(): Promise<void> {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(undefined);
  });
}
