import type { MediaResult, SpeechJob } from '../media/jobs.ts';
import { loadEngine } from './engine.ts';
import { mp3File } from './mp3.ts';
import { resample } from './resample.ts';
import { wavFile } from './wav.ts';

/** Speaks the job's text into a file. The same job always gives the same bytes. Runs inside a media worker. */
export async function renderSpeech(job: SpeechJob): Promise<MediaResult> {
  const { synthesize } = await loadEngine();
  const spoken = await synthesize(job.text, {
    ...(job.voice !== undefined && { voice: job.voice }),
    ...(job.language !== undefined && { language: job.language }),
    ...(job.rate !== undefined && { rate: job.rate }),
  });
  const { sampleRate = spoken.sampleRate } = job;
  const samples = resample(spoken.samples, spoken.sampleRate, sampleRate);
  if (job.format === 'mp3') {
    return {
      ...(await mp3File(samples, sampleRate, job.bitRate)),
      contentType: 'audio/mpeg',
      hasSound: true,
    };
  }
  return {
    bytes: wavFile(samples, sampleRate),
    contentType: 'audio/wav',
    durationSeconds: samples.length / sampleRate,
    hasSound: true,
  };
}
