import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseUsd } from '../../domain/money.ts';
import { type GenerateFlags, NAMED_FLAGS } from '../generate/flags.ts';

const MODEL = 'genlock/image';

export function generateCommand(program: Command): void {
  const command = program
    .command('generate')
    .summary('order a picture, a clip, a voice or a text, and save it')
    .description(
      'Orders from the native API, shows the progress, and saves the result. The model decides what is made. Prints the highest possible ' +
        'price before, and what was charged after. Ctrl-C cancels. Text goes to stdout.',
    )
    .argument('<prompt>', 'what to make, or the text to speak; "-" reads it from stdin')
    .option('-m, --model <id>', 'model to use', MODEL)
    .option(
      '-o, --out <file>',
      'file or folder to save to, "-" for stdout (default: a name made from the prompt)',
    )
    .option('--force', 'overwrite existing files', false)
    .option(
      '--image <source>',
      'a picture to work on: a file, an https URL, or the id of a file. For a clip: first the first frame, then the last. Repeatable',
      readMore,
    );
  for (const { flag, help } of NAMED_FLAGS) command.option(flag, help);
  command
    .option('--input <name=value>', 'any other member of the input; repeatable', readPairs)
    .option('--max-usd <usd>', 'do not order if it can cost more than this', readUsd)
    .option('--timeout <seconds>', 'how long to wait for the result', readSeconds, 900)
    .option(
      '--idempotency-key <key>',
      'key of this order: the same command with the same key is paid once',
      readKey,
    )
    .option('--url <url>', 'address of the gateway (default: GENLOCK_URL, else the one in the data folder)')
    .addOption(
      new Option(
        '--key <key>',
        'API key (default: GENLOCK_API_KEY). "auto" makes an account and a key with $5.00, on a gateway on this machine; the default on an emulator',
      ),
    )
    .option('--data <folder>', 'data folder of a gateway on this machine', '.genlock')
    .option('--json', 'print the result as data', false)
    .addHelpText(
      'after',
      `
Examples:
  $ genlock generate "a red mug on oak" --out mug.png
  $ genlock generate "a red mug on oak" --size 1280x720 --count 3 --out mug.jpg       mug-1.jpg, mug-2.jpg, mug-3.jpg
  $ genlock generate "at night" --image mug.png --out night.png
  $ genlock generate "a boat" --model genlock/video --seconds 3 --sound --out boat.mp4 --max-usd 0.50
  $ genlock generate "Good morning." --model genlock/speech --out voice.mp3
  $ genlock generate "Tell me of the sea." --model genlock/text

With a gateway elsewhere:
  $ GENLOCK_URL=https://genlock.example GENLOCK_API_KEY=gl_live_… genlock generate "a red mug" --out mug.png

If the connection broke and nobody knows whether the order was paid, give the key that was printed. The order is found or made, and paid once:
  $ genlock generate "a red mug on oak" --out mug.png --idempotency-key cli-…`,
    )
    .action(async (prompt: string, options: Record<string, unknown>) => {
      const { generate } = await import('../generate/generate.ts');
      process.exitCode = await generate(prompt, flagsOf(options));
    });
}

function flagsOf(options: Record<string, unknown>): GenerateFlags {
  const named = NAMED_FLAGS.flatMap(({ flag, member }) => {
    const name = (flag.slice(2).split(' ')[0] ?? '').replace(/-(\w)/g, (_all, letter: string) =>
      letter.toUpperCase(),
    );
    const value = options[name];
    return typeof value === 'string' || typeof value === 'boolean' ? [[member, value] as const] : [];
  });
  const { image = [], input = [] } = options;
  return { ...options, image, input, named: Object.fromEntries(named) } as unknown as GenerateFlags;
}

function readMore(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function readPairs(pair: string, before: readonly string[] | undefined): readonly string[] {
  if (/^[^=]+=/.test(pair)) return readMore(pair, before);
  throw new InvalidArgumentError('It is written name=value.');
}

function readKey(text: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(text)) return text;
  throw new InvalidArgumentError('It is 1 to 255 letters, digits and signs, without spaces.');
}

function readUsd(text: string): string {
  if (parseUsd(text) !== undefined) return text;
  throw new InvalidArgumentError('It is an amount in dollars, such as 0.50.');
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d{1,6}(?:\.\d+)?$/.test(text) && seconds > 0) return seconds;
  throw new InvalidArgumentError('It is a number of seconds.');
}
