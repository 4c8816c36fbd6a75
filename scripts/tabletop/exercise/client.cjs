/**
 * Carries one word of the operator to the exercise that runs the sandbox, and prints the answer, or opens the shell that it
 * names. Plain JavaScript: it runs in the sandbox.
 */
const { spawn } = require('node:child_process');
const { connect } = require('node:net');

const [socket, home, ...words] = process.argv.slice(2);

/** Says something to the exercise. The answer is given to `then`. */
function say(what, then) {
  const line = connect(socket, () => line.end(JSON.stringify({ pid: process.pid, home, ...what })));
  // The other side reads the working folder of this process: it must live until the answer is there.
  let answer = '';
  line.setEncoding('utf8');
  line.on('data', (text) => {
    answer += text;
  });
  line.on('end', () => then(JSON.parse(answer || '{"status":1,"text":"the exercise is over"}')));
  line.on('error', () => {
    process.stderr.write('the exercise does not answer\n');
    process.exitCode = 1;
  });
}

/** Opens a shell on this terminal, and waits for its end. */
function open({ command: [program, ...more], cwd, env }) {
  const shell = spawn(program, more, { cwd, env, stdio: 'inherit' });
  say({ words: ['opened', words[1], String(shell.pid)] }, () => undefined);
  // Ctrl-C belongs to the shell. When the terminal hangs up, the shells below this one are hung up, too.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => shell.kill('SIGHUP'));
  shell.once('exit', (_, signal) => {
    if (signal === 'SIGHUP') process.kill(process.ppid, 'SIGHUP');
  });
}

say({ words }, ({ status, text, shell }) => {
  process.stdout.write(`${text}\n`);
  process.exitCode = status;
  if (shell) open(shell);
});
