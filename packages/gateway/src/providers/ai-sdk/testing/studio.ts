import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A provider package as npm would have put it into an operator's folder. It follows the specification by itself: what it throws is
 * marked like the errors of the AI SDK, without being of their class.
 */
const MODULE = `
class ApiCallError extends Error {
  constructor(message, more) {
    super(message);
    this.name = 'AI_APICallError';
    this[Symbol.for('vercel.ai.error')] = true;
    this[Symbol.for('vercel.ai.error.AI_APICallError')] = true;
    Object.assign(this, more);
  }
}

export function createStudio({ baseURL, apiKey }) {
  const post = async (path, body, abortSignal) => {
    let answer;
    try {
      answer = await fetch(baseURL + path, {
        method: 'POST',
        headers: { authorization: 'Bearer ' + apiKey, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: abortSignal,
      });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new ApiCallError('Cannot connect to API: ' + error.cause?.message, { cause: error.cause, isRetryable: true });
    }
    const responseBody = await answer.text();
    const responseHeaders = Object.fromEntries(answer.headers);
    if (!answer.ok)
      throw new ApiCallError(answer.statusText, { statusCode: answer.status, responseHeaders, responseBody, isRetryable: false });
    try {
      return JSON.parse(responseBody);
    } catch {
      throw new ApiCallError('Invalid JSON response', { statusCode: answer.status, responseHeaders, responseBody });
    }
  };
  const facts = (modelId) => ({ specificationVersion: modelId === 'old' ? 'v2' : 'v4', provider: 'studio', modelId });
  const plain = ({ abortSignal, files, image, frameImages, ...options }) => ({
    ...options,
    ...(files && { files: files.map(({ mediaType, data }) => mediaType + ' ' + data.length) }),
    ...(image && { image: image.mediaType }),
    ...(frameImages && { frameImages: frameImages.map(({ frameType }) => frameType) }),
  });
  return {
    specificationVersion: 'v4',
    imageModel: (modelId) => ({
      ...facts(modelId),
      maxImagesPerCall: 2,
      doGenerate: (options) => post('/images', plain(options), options.abortSignal),
    }),
    speech: (modelId) => ({
      ...facts(modelId),
      doGenerate: (options) => post('/speech', plain(options), options.abortSignal),
    }),
    video: (modelId) => ({
      ...facts(modelId),
      maxVideosPerCall: 1,
      doStart:
        modelId === 'jobs'
          ? async (options) => ({ operation: await post('/videos', plain(options), options.abortSignal), warnings: [] })
          : undefined,
      doStatus: modelId === 'jobs' ? ({ operation, abortSignal }) => post('/videos/status', operation, abortSignal) : undefined,
      doGenerate: modelId === 'jobs' ? undefined : (options) => post('/videos', plain(options), options.abortSignal),
    }),
  };
}
export const studio = null;
`;

const MANIFEST = {
  name: '@acme/studio',
  version: '1.0.0',
  type: 'module',
  exports: { './package.json': './package.json', '.': { types: './index.d.ts', import: './lib/index.js' } },
};

export interface Folder {
  readonly path: string;
  remove(): Promise<void>;
}

/** A folder of an operator's with the package installed, and a module of their own. */
export async function makeFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'genlock-studio-'));
  const home = join(path, 'node_modules/@acme/studio');
  await mkdir(join(home, 'lib'), { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify(MANIFEST));
  await writeFile(join(home, 'lib/index.js'), MODULE);
  await writeFile(join(path, 'own.mjs'), `${MODULE}\nexport const createOther = () => ({});`);
  await mkdir(join(path, 'deploy/eu'), { recursive: true });
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
