-- What is written down about a person, section by section. As before, what is chosen from a list (a state, a ward, a kind of
-- need) stands with the story in service_users, where counts go on being true after retention; whatever is in somebody's
-- own words, or leads to them, stands in service_user_details, which retention may empty.

alter table service_users
  add column state_on date,
  add column ward_id bigint,
  add column team_id bigint,
  add column has_no_address boolean not null default false,
  add column interpreter text,
  add column needs_asked text,
  add column needs text[] not null default '{}',
  add column needs_review_on date,
  add column agrees text,
  add column parent_contact text,
  add column gender text,
  add column ethnicity text,
  add column disability text,
  add column housing text,
  add column asylum text,
  add column deprivation_decile text,
  add constraint interpreter_word check (interpreter in ('no', 'spoken', 'signed', 'prefer-not')),
  add constraint needs_asked_word check (needs_asked in ('none', 'some', 'prefer-not')),
  add constraint needs_are_of_somebody_who_has_some check (cardinality(needs) = 0 or needs_asked is not distinct from 'some'),
  add constraint needs_words check (needs <@ array[
    'large-print', 'easy-read', 'braille', 'audio', 'email', 'text-message', 'phone-call', 'text-relay', 'sign-language',
    'lip-reading', 'note-taker', 'advocate', 'deafblind', 'communication-aid', 'more-time', 'someone-with-them', 'other'
  ]),
  add constraint agrees_word check (agrees in ('self', 'with-support', 'parent', 'best-interests', 'attorney')),
  add constraint parent_contact_word check (parent_contact in ('safe', 'not-safe', 'not-known')),
  add constraint gender_word check (gender in ('woman', 'man', 'non-binary', 'other', 'prefer-not')),
  add constraint ethnicity_word check (ethnicity in ('asian', 'black', 'mixed', 'white', 'other', 'prefer-not')),
  add constraint disability_word check (disability in ('yes', 'no', 'prefer-not')),
  add constraint housing_word check (
    housing in ('settled', 'supported', 'temporary', 'someone-elses', 'rough', 'prefer-not')
  ),
  add constraint asylum_word check (asylum in ('seeking', 'refugee', 'no', 'prefer-not')),
  add constraint deprivation_decile_word check (deprivation_decile in ('1', '2', '3', '4', '5', '6', '7', '8', '9', '10')),
  add foreign key (organisation_id, ward_id) references wards (organisation_id, id),
  add foreign key (organisation_id, team_id) references wards (organisation_id, id);

create index service_users_by_ward on service_users (ward_id) where ward_id is not null;
create index service_users_by_team on service_users (team_id) where team_id is not null;

alter table service_user_details
  add column known_as text not null default '',
  add column local_id text not null default '',
  add column address text not null default '',
  add column call_back_number text not null default '',
  add column clinician text not null default '',
  add column emergency_name text not null default '',
  add column emergency_relation text not null default '',
  add column emergency_phone text not null default '',
  add column language text not null default '',
  add column needs_words text not null default '',
  add column needs_met text not null default '',
  add column needs_shared text not null default '',
  add column agreement_note text not null default '';

-- A hospital number is one person's, however its letters were typed.
create unique index service_user_details_local_id_key on service_user_details (organisation_id, lower(local_id))
  where local_id <> '';
-- Whoever is looked for by what they like to be called is found like by their name.
create index service_user_details_known_as on service_user_details using gin (name_key(known_as) gin_trgm_ops)
  where known_as <> '';

-- Which sections of a record were answered, when and by whom. Each has a version of its own: two people who write down
-- different things about somebody do not stand in each other's way.
create table service_user_sections (
  service_user_id bigint not null,
  organisation_id bigint not null,
  section text not null check (section ~ '^[a-z-]{2,30}$'),
  version integer not null check (version > 1),
  changed_at timestamptz(3) not null,
  changed_by bigint not null,
  primary key (service_user_id, section),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, changed_by) references staff (organisation_id, id)
);
