/** Carries one word of the operator to the exercise that runs the sandbox, and prints the answer. Plain JavaScript: it runs in the sandbox. */
const { connect } = require('node:net');

const [socket, ...words] = process.argv.slice(2);
const line = connect(socket, () => line.end(JSON.stringify({ pid: process.pid, words })));
// The other side reads the working folder of this process: it must live until the answer is there.
let answer = '';
line.setEncoding('utf8');
line.on('data', (text) => {
  answer += text;
});
line.on('end', () => {
  const { status, text } = JSON.parse(answer || '{"status":1,"text":"the exercise is over"}');
  process.stdout.write(`${text}\n`);
  process.exitCode = status;
});
line.on('error', () => {
  process.stderr.write('the exercise does not answer\n');
  process.exitCode = 1;
});
