import { describeCommands } from './commands.ts';
import { describeFastAgi } from './fast-agi.ts';

// One after another: they share one PBX.
describeFastAgi();
describeCommands();
