/** What fails with calls, telephones, workflows and their work. By the code of the failure: what happened, and what to do next. */
export const refusalsCalls = {
  pbx_away: 'The PBX is not connected now. Try again in a moment, and tell an administrator if it stays so.',
  pbx_unclear:
    'Several PBXs are connected and the agent names none. Ask an administrator to choose the PBX of the agent.',
  pbx_permission: 'The PBX does not let us do this. An administrator has to widen the rights of its manager user.',
  pbx_failed: 'The PBX did not do it. Try again, and tell an administrator if it stays so.',
  agent_unreachable: 'The telephone cannot be reached. Check that it is switched on and registered.',
  agent_busy: 'The telephone is busy. End the call on it, then try again.',
  agent_declined: 'The call was declined on the telephone. Try again when you can answer.',
  agent_no_answer: 'Nobody answered the telephone. Try again and pick up when it rings.',
  number_refused: 'The PBX knows no way to this number. Check the number.',
  not_supported: 'The PBX or the telephone cannot do this.',
  ambiguous: 'The telephone has several calls. Choose one of them and try again.',
  unknown_queue: 'The PBX has no such queue. Check the name of the queue.',
  not_logged_in: 'The agent is in no queue of the PBX. Log in to a queue first.',
  recording_not_ready: 'The recording is not there yet. Wait a moment and try again.',
  call_unknown: 'No call of this id is known. Check the id.',
  call_gone: 'The call ended so long ago that it is not kept any more.',
  no_workflow:
    'The campaign of this call has no workflow for that. Ask an administrator to choose one in the campaign.',
  workflow_unknown: 'There is no such workflow any more. Choose another one.',
  workflow_disabled: 'The workflow is switched off. Switch it on, or choose another one.',
  dead_letter_not_found: 'This dead letter is not here any more: it was sent again or discarded. Load the list again.',
  message_gone: 'The message is not kept any more, so it cannot be sent again. Discard the letter.',
  not_replayable: 'Letters of this kind cannot be sent again from here.',
  invalid_event: 'An event is not as it has to be and was not worked on. Correct the system that sends it.',
};
