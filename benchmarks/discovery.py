"""Frames that were left out of a codebook, found again by `framing discover`.

A frame is taken out of the codebook (its seeds and examples with it), and the texts are searched by what is left. It is
found again if one of the first ten groups has it in at least half of its texts, and the lower bound of the Wilson
interval of that share (95 % for ten groups together) is above the frame's share of all texts. By chance: the same with
the frame's labels dealt out anew among the texts that were grouped, mean over 200 deals.

How groups are made was chosen on plover; gvfc (headlines) and the policy frames (passages of English articles, which
have the labels of their article) are reported. Frames with fewer than eight labelled texts are not asked for.
"""
