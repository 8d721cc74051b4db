import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import startEspeak from 'espeak-ng';

/** TypeScript declares WebAssembly only together with the DOM types, which are not loaded here. This is the part that is used. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  Instance: new (module: object, imports: object) => { exports: object };
};

let compiled: Promise<object> | undefined;

/** Compiling the 18 MB binary takes about 100 ms, so it is done once and shared by all instances. */
function compile(): Promise<object> {
  compiled ??= readFile(createRequire(import.meta.url).resolve('espeak-ng/dist/espeak-ng.wasm'))
    .then((bytes) => WebAssembly.compile(bytes))
    .catch((error: unknown) => {
      compiled = undefined;
      throw error;
    });
  return compiled;
}

/** The result of one run of the `espeak-ng` program. */
export interface EngineRun {
  lines: string[];
  read(path: string): Uint8Array<ArrayBuffer>;
}

/**
 * Runs the `espeak-ng` program once on `text`, in an instance of its own. A shared instance would be 80 ms faster, but it keeps the phase
 * of its oscillators between texts, so the second "hello" would differ from the first by a few samples.
 */
export async function runEngine(args: string[], text: string): Promise<EngineRun> {
  const module = await compile();
  const lines: string[] = [];
  const complaints: string[] = [];
  let status = 0;
  const finished = await startEspeak({
    arguments: [...args, '-D', '-b', '1', '-f', '/text'],
    instantiateWasm: (imports, receive) => {
      const instance = new WebAssembly.Instance(module, imports);
      receive(instance, module);
      return instance.exports;
    },
    preRun: [(starting) => starting.FS.writeFile('/text', text)],
    print: (line) => lines.push(line),
    printErr: (line) => complaints.push(line),
    // Emscripten's default would set the exit code of our process.
    quit: (code, reason) => {
      status = code;
      throw reason;
    },
  });
  if (status !== 0)
    throw new Error(`eSpeak NG stopped with status ${status}: ${complaints[0] ?? 'no message'}`);
  return { lines, read: (path) => finished.FS.readFile(path) };
}
