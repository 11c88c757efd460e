package todomanager.json;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// Slices of some bytes, in their order, with what stands before, between and behind them.
///
/// @param head where the first slice begins, or would begin
/// @param begins of each slice
/// @param ends behind each slice
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Slices(byte[] bytes, int head, int[] begins, int... ends) {

    /// Slices that follow each other, of these or of others.
    ///
    /// @param at where the first of them is or would be among these, 0 where that is nowhere
    public record Run(boolean isOther, int from, int to, int at) {
        public int size() {
            return to - from;
        }
    }

    /// Numbers of the slices of the runs, where each slice has one.
    public static long[] joined(long[] numbers, long[] others, List<Run> runs) {
        return runs.stream()
                .flatMapToLong(run ->
                        Arrays.stream(run.isOther() ? others : numbers, run.from(), run.to()))
                .toArray();
    }

    public int size() {
        return ends.length;
    }

    /// Where what stands behind the last slice begins.
    public int tail() {
        return size() == 0 ? head : ends[size() - 1];
    }

    /// The slices of the runs. What stands before a slice of these stays there; one that is added
    /// has the separator before it.
    public Slices joined(Slices others, List<Run> runs, byte[] separator) {
        int length = head + bytes.length - tail();
        int size = 0;
        for (Run run : runs) {
            length += size == 0 ? 0 : gap(run, separator).remaining();
            length += run.isOther() ? others.length(run) : length(run);
            size += run.size();
        }
        var joined = new Slices(new byte[length], head, new int[size], new int[size]);
        ByteBuffer out = ByteBuffer.wrap(joined.bytes).put(bytes, 0, head);
        int place = 0;
        for (Run run : runs) {
            if (place > 0) {
                out.put(gap(run, separator));
            }
            Slices from = run.isOther() ? others : this;
            int shift = out.position() - from.begins[run.from()];
            out.put(from.bytes, from.begins[run.from()], from.length(run));
            for (int i = run.from(); i < run.to(); i++) {
                joined.begins[place] = from.begins[i] + shift;
                joined.ends[place] = from.ends[i] + shift;
                place++;
            }
        }
        out.put(bytes, tail(), bytes.length - tail());
        return joined;
    }

    private int length(Run run) {
        return ends[run.to() - 1] - begins[run.from()];
    }

    private ByteBuffer gap(Run run, byte[] separator) {
        if (run.at() == 0) {
            return ByteBuffer.wrap(separator);
        }
        int end = ends[run.at() - 1];
        return ByteBuffer.wrap(bytes, end, begins[run.at()] - end);
    }
}
