import { type JobsAnswer, type JobsQuestion, measureJobs } from './jobs.ts';
import { answerQuestions } from './processes.ts';

answerQuestions<JobsQuestion, JobsAnswer>(measureJobs);
