import { answerQuestions } from './processes.ts';
import { answerStreams, type StreamsAnswer, type StreamsQuestion } from './streams.ts';

answerQuestions<StreamsQuestion, StreamsAnswer>(answerStreams);
