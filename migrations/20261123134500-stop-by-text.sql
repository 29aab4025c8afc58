-- Whoever answers a text with STOP says so themselves: no member of staff wrote it down. It is a no, and never a yes.
alter table contact_answers
  alter column recorded_by drop not null,
  add constraint nobody_but_staff_writes_a_yes check (recorded_by is not null or answer = 'not-allowed' and channel = 'text');

-- Whose number it is that a text came from; several people may share one.
create index service_user_details_by_call_back on service_user_details (phone_digits(call_back_number))
  where call_back_number <> '';
create index supporter_details_by_phone on supporter_details (phone_digits(phone)) where phone <> '';
