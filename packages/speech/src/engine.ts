import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import startEspeak from 'espeak-ng';

/** TypeScript declares WebAssembly only together with the DOM, which we do not load; this is the part used here. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  Instance: new (module: object, imports: object) => { exports: object };
};

let compiled: Promise<object> | undefined;

/** Compiling the 18 MB binary takes about 100 ms, so it is done once; instances share it. */
function compile(): Promise<object> {
  compiled ??= readFile(createRequire(import.meta.url).resolve('espeak-ng/dist/espeak-ng.wasm'))
    .then((bytes) => WebAssembly.compile(bytes))
    .catch((error: unknown) => {
      compiled = undefined;
      throw error;
    });
  return compiled;
}

/** What one run of the `espeak-ng` program left behind. */
export interface EngineRun {
  lines: string[];
  read(path: string): Uint8Array<ArrayBuffer>;
}

/**
 * Runs the `espeak-ng` program once over `text`, in an instance of its own. A shared instance would be 80 ms faster but keeps
 * the phase of its oscillators between texts, so that the second "hello" differs from the first by a few samples.
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
    // Emscripten's own way would set the exit code of our process.
    quit: (code, reason) => {
      status = code;
      throw reason;
    },
  });
  if (status !== 0)
    throw new Error(`eSpeak NG stopped with status ${status}: ${complaints[0] ?? 'no message'}`);
  return { lines, read: (path) => finished.FS.readFile(path) };
}
