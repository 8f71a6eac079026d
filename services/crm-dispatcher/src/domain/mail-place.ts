/** Where in a text one is, as it is written piece by piece. Reads each piece once, however long the text becomes. */
export interface Place {
  /** Goes on behind a piece. */
  pass(text: string): void;
  /** Whether what comes next goes on as the address of a link. */
  isInLink(): boolean;
  /** The end of what was passed. */
  before(): string;
}

const keptCharacters = 256;
/** Longer than what a link begins with. */
const beginningCharacters = 16;
const endsLink = /[\s"'<>]/;
const beginsLink = /\bhttps?:\/\//i;

export function createPlace(): Place {
  let before = '';
  let run = '';
  let inLink = false;
  return {
    pass: (text) => {
      before = (before + text.slice(-keptCharacters)).slice(-keptCharacters);
      const from = lastEnd(text) + 1;
      if (from > 0) inLink = false;
      run = from > 0 ? text.slice(from) : run + text;
      inLink ||= beginsLink.test(run);
      run = run.slice(-beginningCharacters);
    },
    isInLink: () => inLink,
    before: () => before,
  };
}

/** A loop: a pattern that looks for the last one of its kind reads a long text many times. */
function lastEnd(text: string): number {
  let at = text.length - 1;
  while (at >= 0 && !endsLink.test(text.charAt(at))) at -= 1;
  return at;
}
