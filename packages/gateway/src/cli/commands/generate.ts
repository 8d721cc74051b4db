import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseUsd } from '../../domain/money.ts';
import { type GenerateFlags, NAMED_FLAGS } from '../generate/flags.ts';

const MODEL = 'genlock/image';

export function generateCommand(program: Command): void {
  const command = program
    .command('generate')
    .summary('order a picture, a clip, a voice or a text, and save it')
    .description(
      'Orders from the native API, shows how it goes on, and saves what was made. The model decides what that is. What it costs at most is ' +
        'told before, what was charged after; Ctrl-C cancels. Text goes to stdout.',
    )
    .argument('<prompt>', 'what to make, or what to say; "-" reads it from stdin')
    .option('-m, --model <id>', 'what makes it', MODEL)
    .option(
      '-o, --out <file>',
      'file or folder to save to, "-" for stdout (default: a name made of the prompt)',
    )
    .option('--force', 'replace files that are there', false)
    .option(
      '--image <source>',
      'a picture to work on: a file, an https URL, or the id of a file; of a clip the first frame, then the last; may be repeated',
      readMore,
    );
  for (const { flag, help } of NAMED_FLAGS) command.option(flag, help);
  command
    .option(
      '--input <name=value>',
      'any other member of the input that the model takes; may be repeated',
      readPairs,
    )
    .option('--max-usd <usd>', 'order nothing that can cost more', readUsd)
    .option('--timeout <seconds>', 'how long to wait for the end', readSeconds, 900)
    .option(
      '--idempotency-key <key>',
      'name of this order: the same command with the same name is paid once',
      readKey,
    )
    .option(
      '--url <url>',
      'address of the gateway (default: GENLOCK_URL, else as written in the data folder)',
    )
    .addOption(
      new Option(
        '--key <key>',
        'API key (default: GENLOCK_API_KEY); "auto": one of its own with $5.00, at a gateway that runs here; the default at an emulator',
      ),
    )
    .option('--data <folder>', 'data folder of a gateway that runs here', '.genlock')
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

When the connection broke and nobody knows whether it was paid, give the key that was printed; the order is found or made, and paid once:
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
