import { isFailure } from '@patchcord/contracts';
import { describe, expect, test } from 'vitest';
import { createAmiParser } from '../../src/ami/parser.ts';
import { type AmiMessage, field, fields } from '../../src/message.ts';

const parse = (text: string, chunk = text.length): AmiMessage[] => parseBytes(Buffer.from(text), chunk);

function parseBytes(bytes: Buffer, chunk: number): AmiMessage[] {
  const parser = createAmiParser();
  const messages: AmiMessage[] = [];
  for (let at = 0; at < bytes.length; at += chunk) messages.push(...parser.push(bytes.subarray(at, at + chunk)));
  return messages;
}

describe('AMI parser', () => {
  test('takes bytes cut anywhere', () => {
    const text =
      'Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: 1\r\n\r\nEvent: Newchannel\r\nCallerIDName: Jörg 東京\r\n\r\n';
    const whole = parse(text);
    expect(whole.map((message) => message.headers)).toEqual([
      [['Banner', 'Asterisk Call Manager/11.0.0']],
      [
        ['Response', 'Success'],
        ['ActionID', '1'],
      ],
      [
        ['Event', 'Newchannel'],
        ['CallerIDName', 'Jörg 東京'],
      ],
    ]);
    for (let chunk = 1; chunk < 40; chunk += 1) expect(parse(text, chunk)).toEqual(whole);
  });

  test('takes lines that end in LF alone, and empty lines between messages', () => {
    expect(parse('Event: A\nX: 1\n\n\n\nEvent: B\n\n').map((message) => field(message, 'Event'))).toEqual(['A', 'B']);
  });

  test('keeps headers that repeat, empty values and colons within values', () => {
    const [message] = parse(
      'Event: VarSet\r\nChanVariable: a=1\r\nChanVariable: b=2: 3\r\nAccountCode: \r\nX:y\r\n\r\n',
    );
    if (message === undefined) throw new Error('no message');
    expect(fields(message, 'ChanVariable')).toEqual(['a=1', 'b=2: 3']);
    expect(field(message, 'AccountCode')).toBe('');
    expect(field(message, 'X')).toBe('y');
  });

  test('keeps a line break that Asterisk left within a value', () => {
    const [message] = parse('Event: UserEvent\r\nText: first\nsecond line\r\nOther: 1\r\n\r\n');
    expect(message?.headers).toEqual([
      ['Event', 'UserEvent'],
      ['Text', 'first\nsecond line'],
      ['Other', '1'],
    ]);
  });

  test('reads the output of Command in both forms', () => {
    const now =
      'Response: Success\r\nActionID: 7\r\nMessage: Command output follows\r\nOutput: a: 1\r\nOutput: \r\nOutput: b\r\n\r\n';
    const upTo13 =
      'Response: Follows\r\nPrivilege: Command\r\nActionID: 7\r\na: 1\n\nb\n--END COMMAND--\r\n\r\nEvent: Next\r\n\r\n';
    for (const text of [now, upTo13]) {
      const [message] = parse(text);
      if (message === undefined) throw new Error('no message');
      expect(fields(message, 'Output')).toEqual(['a: 1', '', 'b']);
      expect(field(message, 'ActionID')).toBe('7');
    }
    expect(field(parse(upTo13)[1] ?? { headers: [] }, 'Event')).toBe('Next');
  });

  test('forgets an unfinished message when a new connection greets', () => {
    const messages = parse('Event: Half\r\nChannel: x\r\nAsterisk Call Manager/11.0.0\r\nEvent: Whole\r\n\r\n');
    expect(messages.map((message) => field(message, 'Event'))).toEqual([undefined, 'Whole']);
  });

  test.each([
    ['one endless line', 'x'.repeat(5000)],
    ['one endless message', `Event: X\r\n${'A: b\r\n'.repeat(2000)}`],
  ])('refuses %s', (_, text) => {
    const parser = createAmiParser({ maxMessageBytes: 4096 });
    expect(() => {
      for (let at = 0; at < text.length; at += 100) parser.push(Buffer.from(text.slice(at, at + 100)));
    }).toThrow(expect.objectContaining({ code: 'ami_message_too_big' }));
  });

  test('does not count messages that are whole against the limit', () => {
    const parser = createAmiParser({ maxMessageBytes: 4096 });
    expect(parser.push(Buffer.from('Event: X\r\nA: b\r\n\r\n'.repeat(5000)))).toHaveLength(5000);
  });

  test('refuses a peer that is no Asterisk, and shows what it said', () => {
    const parser = createAmiParser({ greetingFirst: true });
    try {
      parser.push(Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'));
      expect.unreachable();
    } catch (error) {
      expect(isFailure(error, 'permanent')).toBe(true);
      expect(String(error)).toContain('SSH-2.0');
    }
  });
});
