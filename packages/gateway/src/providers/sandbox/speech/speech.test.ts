import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { loadEngine } from './engine.ts';
import { renderSpeech } from './speech.ts';

const TEXT = 'The light comes over the sea.';

/** Reads a file as a player would: container, codec, every packet. */
async function inspect(bytes: Uint8Array) {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = await input.getPrimaryAudioTrack();
  if (track === null) throw new Error('no audio track');
  let packetBytes = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) packetBytes += packet.byteLength;
  return {
    mimeType: (await input.getFormat()).mimeType,
    codec: track.codec,
    channels: track.numberOfChannels,
    sampleRate: track.sampleRate,
    duration: await input.computeDuration(),
    packetBytes,
  };
}

function loudness(wav: Uint8Array): number {
  const samples = new Int16Array(wav.slice(44).buffer);
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

describe.each(['wav', 'mp3'] as const)('%s', (format) => {
  test('the same job gives the same bytes, another text others', async () => {
    const job = { kind: 'speech', text: TEXT, format } as const;
    const [first, again, other] = await Promise.all([
      renderSpeech(job),
      renderSpeech(job),
      renderSpeech({ ...job, text: 'The night comes over the tea.' }),
    ]);
    expect(Buffer.compare(first.bytes, again.bytes)).toBe(0);
    expect(Buffer.compare(first.bytes, other.bytes)).not.toBe(0);
  });

  test('it lasts as long as a reader finds', async () => {
    for (const text of ['', 'Hi', TEXT.repeat(20)]) {
      const result = await renderSpeech({ kind: 'speech', text, format });
      const found = await inspect(result.bytes);
      expect(found).toMatchObject({
        codec: format === 'mp3' ? 'mp3' : 'pcm-s16',
        channels: 1,
        sampleRate: 22_050,
      });
      expect(result.durationSeconds).toBeCloseTo(found.duration, 9);
      expect(result.hasSound).toBe(true);
      // Nothing but audio (and a WAV's header): no partial frame at the end, no tags.
      expect(found.packetBytes).toBe(result.bytes.length - (format === 'wav' ? 44 : 0));
    }
  });
});

test('an MP3 lasts as long as the WAV, give or take its padding', async () => {
  const wav = await renderSpeech({ kind: 'speech', text: TEXT, format: 'wav' });
  const mp3 = await renderSpeech({ kind: 'speech', text: TEXT, format: 'mp3' });
  const padding = (mp3.durationSeconds ?? 0) - (wav.durationSeconds ?? 0);
  expect(padding).toBeGreaterThan(0);
  expect(padding).toBeLessThan(0.1);
  expect([wav.contentType, mp3.contentType]).toEqual(['audio/wav', 'audio/mpeg']);
});

test('speech is loud, nothing to say is silent', async () => {
  expect(loudness((await renderSpeech({ kind: 'speech', text: TEXT, format: 'wav' })).bytes)).toBeGreaterThan(
    1_000,
  );
  expect(loudness((await renderSpeech({ kind: 'speech', text: ' ', format: 'wav' })).bytes)).toBe(0);
});

test('voice, language and rate reach the engine', async () => {
  const job = { kind: 'speech', text: TEXT, format: 'wav' } as const;
  const plain = await renderSpeech(job);
  for (const change of [{ voice: 'nova' }, { language: 'it' }, { rate: 1.5 }]) {
    expect(Buffer.compare((await renderSpeech({ ...job, ...change })).bytes, plain.bytes)).not.toBe(0);
  }
});

test.each([16_000, 24_000, 32_000, 44_100])(
  'at %i Hz it lasts as long, and an MP3 has the bit rate',
  async (sampleRate) => {
    const job = { kind: 'speech', text: TEXT, sampleRate } as const;
    const plain = await renderSpeech({ kind: 'speech', text: TEXT, format: 'wav' });
    const wav = await renderSpeech({ ...job, format: 'wav' });
    expect(await inspect(wav.bytes)).toMatchObject({ codec: 'pcm-s16', sampleRate });
    expect(wav.durationSeconds).toBeCloseTo(plain.durationSeconds ?? 0, 3);
    expect(loudness(wav.bytes) / loudness(plain.bytes)).toBeCloseTo(1, 1);
    for (const bitRate of [32_000, 64_000, 128_000, 256_000]) {
      const mp3 = await renderSpeech({ ...job, format: 'mp3', bitRate });
      const { packetBytes, duration, ...found } = await inspect(mp3.bytes);
      expect(found).toMatchObject({ codec: 'mp3', sampleRate });
      // MPEG-2, used below 32 kHz, ends at 160 kbit/s.
      const highest = sampleRate < 32_000 ? 160_000 : 256_000;
      expect((packetBytes * 8) / duration / Math.min(bitRate, highest)).toBeCloseTo(1, 1);
    }
  },
);

test('ten minutes of text become one MP3', async () => {
  const result = await renderSpeech({ kind: 'speech', text: TEXT.repeat(345), format: 'mp3' });
  expect(result.durationSeconds).toBeGreaterThan(500);
  expect((await inspect(result.bytes)).duration).toBeCloseTo(result.durationSeconds ?? 0, 6);
});

test('without the optional package the error says what is missing', async () => {
  const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  await expect(loadEngine(() => Promise.reject(missing))).rejects.toThrow('optional package @genlock/speech');
  await expect(loadEngine(() => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
});
