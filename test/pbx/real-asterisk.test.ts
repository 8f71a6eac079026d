import { describeCommands } from './commands.ts';
import { describeFastAgi } from './fast-agi.ts';
import { describeExamples } from './order-tracking.ts';

describeFastAgi();
describeCommands();
describeExamples();
