import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A provider package as npm would install it in an operator's folder. It implements the specification without the SDK: its errors have the
 * AI SDK's marker but not its class. Its model `looks` polls after the order, as many real ones do; `deaf` calls without the `fetch` that
 * it is given.
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

export function createStudio({ baseURL, apiKey, fetch = globalThis.fetch, deaf = false, follows = 'v4' }) {
  const send = deaf ? globalThis.fetch : fetch;
  const call = async (method, path, body, { abortSignal, headers }) => {
    const about = { url: baseURL + path, requestBodyValues: body ?? {} };
    let answer;
    try {
      answer = await send(about.url, {
        method,
        headers: { authorization: 'Bearer ' + apiKey, ...(body && { 'content-type': 'application/json' }), ...headers },
        body: body && JSON.stringify(body),
        signal: abortSignal,
      });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new ApiCallError('Cannot connect to API: ' + error.cause?.message, { ...about, cause: error.cause, isRetryable: true });
    }
    const responseBody = await answer.text();
    const responseHeaders = Object.fromEntries(answer.headers);
    if (!answer.ok)
      throw new ApiCallError(answer.statusText, { ...about, statusCode: answer.status, responseHeaders, responseBody, isRetryable: false });
    try {
      return JSON.parse(responseBody);
    } catch {
      throw new ApiCallError('Invalid JSON response', { ...about, statusCode: answer.status, responseHeaders, responseBody });
    }
  };
  const post = (path, body, options) => call('POST', path, body, options);
  const painted = async (options) => {
    await post('/images', plain(options), options);
    if (options.prompt === 'fails') throw Object.assign(new Error('It failed.'), { name: 'AI_InvalidResponseDataError', data: { failure_reason: 'no memory' } });
    return options.prompt === 'looks by POST' ? post('/looks', { id: 1 }, options) : call('GET', '/looks', undefined, options);
  };
  const facts = (modelId) => ({ specificationVersion: modelId === 'old' ? 'v2' : 'v4', provider: 'studio', modelId });
  const plain = ({ abortSignal, headers, files, image, frameImages, ...options }) => ({
    ...options,
    ...(files && { files: files.map(({ mediaType, data }) => mediaType + ' ' + data.length) }),
    ...(image && { image: image.mediaType }),
    ...(frameImages && { frameImages: frameImages.map(({ frameType }) => frameType) }),
  });
  return {
    specificationVersion: follows,
    imageModel: (modelId) => ({
      ...facts(modelId),
      maxImagesPerCall: 2,
      doGenerate: modelId === 'looks' ? painted : (options) => post('/images', plain(options), options),
    }),
    speech: (modelId) => ({
      ...facts(modelId),
      doGenerate: (options) => post('/speech', plain(options), options),
    }),
    video: (modelId) => ({
      ...facts(modelId),
      maxVideosPerCall: 1,
      doStart:
        modelId === 'jobs'
          ? async (options) => ({ operation: await post('/videos', plain(options), options), warnings: [] })
          : undefined,
      doStatus: modelId === 'jobs' ? ({ operation, ...options }) => post('/videos/status', operation, options) : undefined,
      doGenerate: modelId === 'jobs' ? undefined : (options) => post('/videos', plain(options), options),
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

/** An operator's folder with the package installed, and a module of the operator's own. */
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
