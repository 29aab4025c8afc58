-- Those who pay for the service ask for the words of people who were helped. Words are shown only where whoever spoke agreed to it, and a
-- second member of staff has read them. Whoever agreed takes them back when they like: then the words themselves are gone.

create table quotations (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  -- as they were said; none once they are taken back
  words text not null check (length(words) <= 500),
  speaker text not null check (speaker in ('person', 'supporter')),
  agreed_on date not null check (isfinite(agreed_on)),
  agreed_how text not null check (agreed_how in ('said', 'signed', 'message')),
  written_at timestamptz(3) not null check (isfinite(written_at)),
  written_by bigint not null,
  decision text check (decision in ('approved', 'refused')),
  decided_at timestamptz(3) check (decided_at >= written_at),
  decided_by bigint,
  refused_because text not null default '' check (length(refused_because) <= 500),
  taken_back_at timestamptz(3) check (isfinite(taken_back_at) and taken_back_at >= written_at),
  -- nobody where they went with everything else of an emptied record
  taken_back_by bigint,
  -- where it stands among the words that are shown: it tells neither when they were written down nor of whom
  place uuid not null default gen_random_uuid(),
  check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null)),
  check (taken_back_by is null or taken_back_at is not null),
  constraint agreed_before_it_was_written check (agreed_on <= (written_at at time zone 'Europe/London')::date),
  constraint quotation_has_a_second_reader check (decided_by is null or decided_by <> written_by),
  constraint taken_back_words_are_gone check ((taken_back_at is null) = (words ~ '\S')),
  constraint quotation_says_why_it_was_refused check (
    (coalesce(decision, '') = 'refused' and taken_back_at is null) = (refused_because ~ '\S')
  ),
  unique (organisation_id, id),
  unique (organisation_id, place),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, written_by) references staff (organisation_id, id),
  foreign key (organisation_id, decided_by) references staff (organisation_id, id),
  foreign key (organisation_id, taken_back_by) references staff (organisation_id, id)
);
create index quotations_of on quotations (service_user_id, id);
create index quotations_to_read on quotations (organisation_id, id) where decision is null and taken_back_at is null;
create index quotations_decided on quotations (organisation_id, decision, id) where decision is not null and taken_back_at is null;
create index quotations_shown on quotations (organisation_id, place) where decision = 'approved' and taken_back_at is null;

create trigger follow_merge before insert or update of service_user_id on quotations
  for each row execute function follow_merge();

-- What was said stays as it was said, until it is taken back; a decision stays, and so does what was taken back.
create function quotation_goes_on() returns trigger language plpgsql as $$
declare
  changing text[] := array['service_user_id', 'words', 'decision', 'decided_at', 'decided_by', 'refused_because',
    'taken_back_at', 'taken_back_by'];
begin
  if to_jsonb(new) - changing is distinct from to_jsonb(old) - changing
    or old.service_user_id <> new.service_user_id and not merge_under_way(old.service_user_id, new.service_user_id)
    or new.taken_back_at is null and new.words <> old.words
    or (old.decision is not null or new.taken_back_at is not null)
       and (new.decision, new.decided_at, new.decided_by) is distinct from (old.decision, old.decided_at, old.decided_by)
    or old.decision is not null and new.taken_back_at is null and new.refused_because <> old.refused_because
    or old.taken_back_at is not null
       and (new.taken_back_at, new.taken_back_by) is distinct from (old.taken_back_at, old.taken_back_by)
  then
    raise exception 'quotation % stays as it was written, is decided once and taken back once', old.id
      using errcode = '23514', constraint = 'quotation_goes_on', table = 'quotations';
  end if;
  if old.decision is null and new.decision is not null and not exists (
    select from staff where id = new.decided_by and role = 'information-governance' and disabled_at is null
  ) then
    raise exception 'quotation % is read by information governance', old.id
      using errcode = '23514', constraint = 'quotation_is_decided_by_governance', table = 'quotations';
  end if;
  return new;
end $$;
create trigger quotation_goes_on before update on quotations
  for each row when (not retention_is_at_work()) execute function quotation_goes_on();

-- Nobody can ask who has died, and there is nobody left to ask of a record that was emptied. (Named to run after follow_merge.)
create function quotation_is_of_somebody_to_ask() returns trigger language plpgsql as $$
begin
  perform from service_users where id = new.service_user_id for key share;
  if exists (select from service_users where id = new.service_user_id and state = 'died')
    or exists (select from anonymisations where service_user_id = new.service_user_id) then
    raise exception 'nobody can ask person %', new.service_user_id
      using errcode = '23514', constraint = 'quotation_is_of_somebody_to_ask', table = 'quotations';
  end if;
  return new;
end $$;
create trigger quotation_is_of_somebody_to_ask before insert on quotations
  for each row execute function quotation_is_of_somebody_to_ask();
create trigger quotation_is_of_somebody_to_ask_still before update of decision on quotations
  for each row when (new.decision = 'approved' and old.decision is null)
  execute function quotation_is_of_somebody_to_ask();
