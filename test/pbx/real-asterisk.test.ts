import { describeCommands } from './commands.ts';
import { describeFastAgi } from './fast-agi.ts';
import { describeRouting } from './routing.ts';

// One after another: they share one PBX.
describeFastAgi();
describeCommands();
describeRouting();
