/** The `espeak-ng` package has no types. This is the part of its Emscripten module that we use. */
declare module 'espeak-ng' {
  interface EspeakModule {
    FS: {
      writeFile(path: string, data: string | Uint8Array): void;
      readFile(path: string): Uint8Array<ArrayBuffer>;
    };
  }
  interface EspeakOptions {
    arguments: string[];
    instantiateWasm(imports: object, receive: (instance: object, module: object) => void): object;
    preRun: ((module: EspeakModule) => void)[];
    print(line: string): void;
    printErr(line: string): void;
    quit(status: number, reason: unknown): never;
  }
  const start: (options: EspeakOptions) => Promise<EspeakModule>;
  // biome-ignore lint/style/noDefaultExport: the package exports its factory so.
  export default start;
}
