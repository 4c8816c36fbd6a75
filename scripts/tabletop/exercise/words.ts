/** The words that an operator can say at the prompt of an exercise. */
/** Each with what it does. `act` words are the acts of people that the drill knows, too. */
export const words: Readonly<Record<string, string>> = {
  page: 'page NAME            say which page of the runbook you take, such as S02; the first one counts',
  detect: 'detect WHAT          say what is wrong; the first time counts as detected',
  decide:
    'decide N N N         say the numbers of the shards that you take; the last before you combine counts',
  room: 'room ACT [SHARD]     what people do: "room" alone lists it',
  at: 'at PLACE             go to another place: the shell of its machine opens, and exit leads back',
  carry: 'carry FILE... PLACE  take files of this folder to another place; nothing leaves in clear',
  check: 'check                judge what has been reached so far',
  hint: 'hint                 the next step of the page; costs five minutes',
  abort: 'abort                end the exercise and clean up',
};
