type Engine = typeof import('@genlock/speech');

/**
 * Loads the optional GPL package for speech. Without it the installation serves everything else, so its absence is reported per job, with
 * what to do.
 */
export async function loadEngine(load = (): Promise<Engine> => import('@genlock/speech')): Promise<Engine> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
      throw new Error(
        'The sandbox needs the optional package @genlock/speech to make speech; it is not installed.',
        {
          cause: error,
        },
      );
    }
    throw error;
  }
}
