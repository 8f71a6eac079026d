/** A field of a module: its type, and for texts how long they may be. */
interface FakeField {
  readonly type: string;
  readonly length?: number;
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly choices?: readonly string[];
}

const text: FakeField = { type: 'text', length: 255 };
const phone: FakeField = { type: 'phone', length: 50 };
const lookup: FakeField = { type: 'lookup' };
const person = {
  Title: text,
  Email: { type: 'email', length: 100 },
  Mobile: phone,
  Phone: phone,
  CTI_Id: { ...text, unique: true },
};

/** Fields by their API names, as they are in an account to which somebody added `CTI_Id`. */
export const modules: Readonly<Record<string, Readonly<Record<string, FakeField>>>> = {
  Contacts: {
    ...person,
    First_Name: text,
    Last_Name: { ...text, length: 80, required: true },
    Home_Phone: phone,
    Other_Phone: phone,
    Account_Name: lookup,
  },
  Leads: { ...person, First_Name: text, Last_Name: { ...text, length: 80, required: true }, Company: text },
  Accounts: { Account_Name: { ...text, required: true }, Phone: phone, Website: { type: 'website', length: 450 } },
  Deals: { Deal_Name: { ...text, required: true }, Stage: text },
  Cases: { Subject: { ...text, required: true }, Status: text, Case_Origin: text },
  Calls: {
    Subject: { ...text, required: true },
    Call_Type: { type: 'picklist', required: true, choices: ['Inbound', 'Outbound', 'Missed'] },
    Call_Start_Time: { type: 'datetime', required: true },
    Call_Duration: { type: 'text', length: 120 },
    Call_Result: { type: 'picklist' },
    Description: { type: 'textarea', length: 32_000 },
    Voice_Recording__s: { type: 'website', length: 450 },
    Owner: { type: 'ownerlookup' },
    Who_Id: lookup,
    What_Id: lookup,
    $se_module: text,
    CTI_Key: { ...text, unique: true },
  },
  Notes: {
    Note_Title: { ...text, length: 120 },
    Note_Content: { type: 'textarea', length: 32_000, required: true },
    Parent_Id: { ...lookup, required: true },
  },
};
