import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A separate process that answers one question at a time, so that the measured program shares no thread with the measuring one. */
export interface Asker<Question, Answer> {
  readonly pid: number;
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts a program of this folder that uses {@link answerQuestions}. `nodeOptions` are for profiles. */
export function startProcess<Question extends object, Answer>(
  program: string,
  nodeOptions: readonly string[] = [],
): Asker<Question, Answer> {
  const child: ChildProcess = fork(fileURLToPath(new URL(program, import.meta.url)), {
    stdio: 'inherit',
    execArgv: [...nodeOptions],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.pid === undefined) throw new Error(`${program} did not start`);
  return {
    pid: child.pid,
    ask: (question) =>
      new Promise((resolve, reject) => {
        const over = (): void => reject(new Error(`${program} ended`));
        child.once('exit', over);
        child.once('message', (message: { answer?: Answer; error?: string }) => {
          child.off('exit', over);
          if (message.error !== undefined) reject(new Error(`${program}: ${message.error}`));
          else resolve(message.answer as Answer);
        });
        child.send(question);
      }),
    stop: () => {
      if (child.connected) child.disconnect();
      return exited;
    },
  };
}

/** The other end: answers until the asker exits. */
export function answerQuestions<Question, Answer>(answer: (question: Question) => Promise<Answer>): void {
  process.on('message', (question: Question) => {
    answer(question).then(
      (value) => process.send?.({ answer: value }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
}

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** The processor time that all threads of a process have used, in milliseconds. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Resident memory of a process, in megabytes. */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
