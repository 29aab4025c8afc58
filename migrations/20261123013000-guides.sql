-- Guides that people take home: what each is for, in which form and language, by version. A version is a draft until somebody
-- approves it by name; from then on its words stay as they were approved, since records say which version somebody was given.
-- Text is kept as blocks, never as markup. Large print and braille are made from the plain form, so they are no rows.
create table guides (
  id bigint generated always as identity primary key,
  organisation_id bigint not null references organisations,
  purpose text not null constraint guide_purpose_word check (
    purpose in ('join-call', 'accounts', 'camera-and-sound', 'staying-safe', 'if-it-fails', 'charging', 'how-calls-work', 'what-we-see')
  ),
  -- null: for any platform
  platform_id bigint,
  form text not null constraint guide_form_word check (form in ('plain', 'easy-read', 'audio', 'bsl')),
  language text not null constraint guide_language_code check (language ~ '^[a-z]{2,3}$'),
  number integer not null check (number > 0),
  title text not null check (title ~ '\S' and length(title) <= 150),
  blocks jsonb not null default '[]' constraint guide_blocks_are_few check (
    jsonb_typeof(blocks) = 'array' and length(blocks::text) <= 40000
  ),
  link text not null default '' check (length(link) <= 500),
  written_at timestamptz(3) not null,
  written_by bigint not null,
  approved_at timestamptz(3),
  approved_by bigint,
  review_on date check (isfinite(review_on)),
  retired_at timestamptz(3),
  retired_by bigint,
  version integer not null default 1,
  unique (organisation_id, id),
  foreign key (organisation_id, platform_id) references platforms (organisation_id, id),
  foreign key (organisation_id, written_by) references staff (organisation_id, id),
  foreign key (organisation_id, approved_by) references staff (organisation_id, id),
  foreign key (organisation_id, retired_by) references staff (organisation_id, id),
  constraint guide_platform_is_of_a_call check (platform_id is null or purpose = 'join-call'),
  constraint guide_is_text_or_link check ((form in ('audio', 'bsl')) = (link <> '') and (link = '' or blocks = '[]')),
  constraint guide_is_approved_by_somebody check (
    num_nulls(approved_at, approved_by, review_on) in (0, 3) and num_nulls(retired_at, retired_by) in (0, 2)
  )
);
create unique index guides_by_number on guides (organisation_id, purpose, coalesce(platform_id, 0), form, language, number);
create unique index one_guide_in_use on guides (organisation_id, purpose, coalesce(platform_id, 0), form, language)
  where approved_at is not null and retired_at is null;
create unique index one_guide_in_draft on guides (organisation_id, purpose, coalesce(platform_id, 0), form, language)
  where approved_at is null and retired_at is null;

create function guide_stays_as_approved() returns trigger language plpgsql as $$
begin
  if (old.approved_at is not null or old.retired_at is not null)
     and (old.purpose, coalesce(old.platform_id, 0), old.form, old.language, old.number, old.title, old.blocks, old.link,
          old.approved_at, old.approved_by, old.review_on)
         is distinct from
         (new.purpose, coalesce(new.platform_id, 0), new.form, new.language, new.number, new.title, new.blocks, new.link,
          new.approved_at, new.approved_by, new.review_on)
     or old.retired_at is not null and new.retired_at is distinct from old.retired_at then
    raise exception 'guide % stays as it was approved', old.id
      using errcode = '23514', constraint = 'guide_stays_as_approved', table = 'guides';
  end if;
  return new;
end $$;
create trigger guide_stays_as_approved before update on guides for each row execute function guide_stays_as_approved();
