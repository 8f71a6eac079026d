import type { Socket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';

const codes = '0123456789*#ABCD';
const payloadType = 101;
const packetMs = 20;

/** Where the stream of one socket stands: what goes back is taken for a packet that came late, and dropped. */
const streams = new WeakMap<Socket, { sequence: number; timestamp: number }>();

/** Sends digits as RTP telephone events (RFC 4733), each 100 ms long with 100 ms between them. */
export async function sendDigits(socket: Socket, port: number, digits: string): Promise<void> {
  const stream = streams.get(socket) ?? { sequence: 1, timestamp: 8000 };
  streams.set(socket, stream);
  for (const digit of digits) {
    for (const step of [1, 2, 3, 4, 5, 5, 5]) {
      const isLast = step === 5;
      const packet = eventPacket(codes.indexOf(digit), { ...stream, duration: step * 160, isLast });
      packet[1] = payloadType | (step === 1 ? 0x80 : 0);
      socket.send(packet, port, '127.0.0.1');
      stream.sequence += 1;
      await delay(packetMs);
    }
    stream.timestamp += 1600;
    await delay(60);
  }
}

interface EventPacket {
  readonly sequence: number;
  readonly timestamp: number;
  /** In samples of 1/8000 s. */
  readonly duration: number;
  readonly isLast: boolean;
}

function eventPacket(code: number, { sequence, timestamp, duration, isLast }: EventPacket): Buffer {
  const packet = Buffer.alloc(16);
  packet[0] = 0x80;
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(timestamp, 4);
  packet.writeUInt32BE(0x5eed, 8);
  packet[12] = code;
  packet[13] = (isLast ? 0x80 : 0) | 10;
  packet.writeUInt16BE(duration, 14);
  return packet;
}
