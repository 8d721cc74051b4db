import type {
  ImageModelV4,
  SpeechModelV4,
  Experimental_VideoModelV4 as VideoModelV4,
} from '@ai-sdk/provider';
import { findPackage } from './find-package.ts';
import { watchedFetch } from './sending.ts';
import type { Settings } from './settings.ts';

type ModelOf<Model> = (id: string) => Model;

/** The version of the specification that this code implements. */
export const SPECIFICATION = 'v4';

/** The parts of an AI SDK provider that are used here. Depending on the package, the same function has one name or the other. */
export interface LoadedProvider {
  readonly specificationVersion?: unknown;
  readonly imageModel?: ModelOf<ImageModelV4>;
  readonly image?: ModelOf<ImageModelV4>;
  readonly speechModel?: ModelOf<SpeechModelV4>;
  readonly speech?: ModelOf<SpeechModelV4>;
  readonly videoModel?: ModelOf<VideoModelV4>;
  readonly video?: ModelOf<VideoModelV4>;
}

/** @throws Error that says what to do if the package is not installed or makes no provider */
export async function loadProvider(
  name: string,
  settings: Settings,
  folder: string,
): Promise<LoadedProvider> {
  const at = `providers.${name}`;
  const url = await findPackage(settings.package, folder);
  if (url === undefined) throw new Error(notInstalled(at, settings.package, folder));
  const module = (await import(/* @vite-ignore */ url)) as Readonly<Record<string, unknown>>;
  const create = module[settings.export ?? onlyMaker(at, settings.package, module)];
  if (typeof create !== 'function')
    throw new Error(`${at}.export: ${settings.package} has no function ${settings.export}`);
  const made = create({ fetch: watchedFetch, ...settings.options }) as LoadedProvider;
  const { specificationVersion: version } = made;
  // Older packages have no version on the provider, only on their models.
  if (typeof version === 'string' && version !== SPECIFICATION)
    throw new Error(wrongVersion(at, settings.package, folder, version));
  return made;
}

function wrongVersion(at: string, name: string, folder: string, version: string): string {
  const follows = `${at}.package: ${name} follows ${version} of the specification, not ${SPECIFICATION}`;
  return /^[./]/.test(name) ? follows : `${follows}; run "${install(folder, name)}"`;
}

/** With a tag: without one, npm on an older Node.js would pick an earlier version. */
function install(folder: string, name: string): string {
  return `npm install --prefix ${folder} ${name}@latest`;
}

function notInstalled(at: string, name: string, folder: string): string {
  if (/^[./]/.test(name)) return `${at}.package: there is no module ${name} in ${folder}`;
  return `${at}.package: ${name} is not installed; run "${install(folder, name)}"`;
}

function onlyMaker(at: string, name: string, module: object): string {
  const makers = Object.keys(module)
    .filter((one) => /^create[A-Z]/.test(one))
    .toSorted();
  const [only] = makers;
  if (only !== undefined && makers.length === 1) return only;
  const found = makers.length === 0 ? 'nothing' : makers.join(', ');
  throw new Error(`${at}: say with "export" what of ${name} makes the provider; it has ${found}`);
}
