-- A message may be a text. It passes the same questions: whether this person may be sent one, at this number, at this hour.
alter table messages
  drop constraint messages_channel_check,
  add constraint messages_channel_check check (channel in ('email', 'text')) not valid,
  add constraint text_goes_to_a_person check (channel <> 'text' or service_user_id is not null) not valid;
alter table messages validate constraint messages_channel_check;
alter table messages validate constraint text_goes_to_a_person;
