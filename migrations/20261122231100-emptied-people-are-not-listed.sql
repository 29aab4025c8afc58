-- Of whoever was emptied nothing is left to look for: lists and searches pass over them, and counts do not. Written by the role
-- that empties, with the rest of the row.
alter table service_user_details add column is_emptied boolean not null default false;
update service_user_details details set is_emptied = true
  from anonymisations where anonymisations.service_user_id = details.service_user_id;
