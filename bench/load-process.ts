import { type LoadJob, type LoadResult, load } from './load.ts';
import { answerQuestions } from './processes.ts';

answerQuestions<LoadJob, LoadResult>(load);
