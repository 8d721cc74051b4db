import type {
  ImageModelV4,
  SpeechModelV4,
  Experimental_VideoModelV4 as VideoModelV4,
} from '@ai-sdk/provider';
import { findPackage } from './find-package.ts';
import type { Settings } from './settings.ts';

type ModelOf<Model> = (id: string) => Model;

/** What of an AI SDK provider is used here. Packages have one name or the other for the same. */
export interface LoadedProvider {
  readonly imageModel?: ModelOf<ImageModelV4>;
  readonly image?: ModelOf<ImageModelV4>;
  readonly speechModel?: ModelOf<SpeechModelV4>;
  readonly speech?: ModelOf<SpeechModelV4>;
  readonly videoModel?: ModelOf<VideoModelV4>;
  readonly video?: ModelOf<VideoModelV4>;
}

/** @throws Error with what to do, where the package is not there or makes no provider */
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
  return create(settings.options ?? {}) as LoadedProvider;
}

function notInstalled(at: string, name: string, folder: string): string {
  if (/^[./]/.test(name)) return `${at}.package: there is no module ${name} in ${folder}`;
  return `${at}.package: ${name} is not installed; run "npm install --prefix ${folder} ${name}"`;
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
