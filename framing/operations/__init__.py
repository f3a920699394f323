"""Operations: reports that make themselves, each week, without anyone watching."""
