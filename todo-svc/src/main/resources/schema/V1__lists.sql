-- A list of a user is a row, and its items are one text: what reads or changes a list needs all of
-- it. All statements are of one owner, so that databases which spread rows over servers can keep
-- those together.
create table todo_list (
    owner text collate "C" not null, -- the order of bytes, whatever the locale: pages follow it
    name text collate "C" not null,
    position integer not null, -- among the owner's lists
    version bigint not null, -- another one with each change
    items text not null, -- JSON, as in a document
    primary key (owner, name)
) with (fillfactor = 80); -- room for the next version of a row beside it
