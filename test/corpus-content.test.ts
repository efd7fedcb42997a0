import { kindsOfContent } from './corpus/all.ts';
import { play } from './corpus/play.ts';

play(kindsOfContent);
