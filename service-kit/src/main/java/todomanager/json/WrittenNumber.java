package todomanager.json;

import jakarta.json.JsonNumber;
import java.math.BigDecimal;
import java.math.BigInteger;

/// A number that is written as it was read: JSON-P's own would make `1E+5` of `1E5`, and `0` of
/// `-0`.
record WrittenNumber(String text, BigDecimal bigDecimalValue) implements JsonNumber {
    @Override
    public boolean isIntegral() {
        return bigDecimalValue.scale() == 0;
    }

    @Override
    public int intValue() {
        return bigDecimalValue.intValue();
    }

    @Override
    public int intValueExact() {
        return bigDecimalValue.intValueExact();
    }

    @Override
    public long longValue() {
        return bigDecimalValue.longValue();
    }

    @Override
    public long longValueExact() {
        return bigDecimalValue.longValueExact();
    }

    @Override
    public BigInteger bigIntegerValue() {
        return bigDecimalValue.toBigInteger();
    }

    @Override
    public BigInteger bigIntegerValueExact() {
        return bigDecimalValue.toBigIntegerExact();
    }

    @Override
    public double doubleValue() {
        return bigDecimalValue.doubleValue();
    }

    @Override
    public ValueType getValueType() {
        return ValueType.NUMBER;
    }

    @Override
    public String toString() {
        return text;
    }
}
