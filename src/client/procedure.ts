/** The script of pages with steps: runs, ticks and the position. Other pages do not load it. */
import { watchRun } from './run';

watchRun();
