/** A PostgreSQL server that lets nobody in: the start of its protocol, version 3, up to the refusal. */
import type { Socket } from 'node:net';

/** Codes of a request for encryption before the start-up message (TLS, GSSAPI); the answer `N` is: none. */
const encryption = [80_877_103, 80_877_104];

function refusal(user: string): Buffer {
  const fields = `SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "${user}"\0\0`;
  const message = Buffer.from(`E\0\0\0\0${fields}`);
  message.writeInt32BE(message.length - 1, 1);
  return message;
}

/** Answers one connection as a server does whose password the client does not have. */
export function denyLogin(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.on('data', (message) => {
    if (encryption.includes(message.readInt32BE(4))) {
      socket.write('N');
      return;
    }
    const names = message.subarray(8).toString('utf8').split('\0');
    socket.end(refusal(names[names.indexOf('user') + 1] ?? ''));
  });
}
